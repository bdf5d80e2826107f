import { Type } from 'typebox'

/** What the API shows beside Stripe's fields: which launches a payment was counted for, and whose way it went. */
export const launchesField = () =>
  Type.Array(
    Type.Object({
      launch: Type.String({ description: 'launch_…' }),
      stage: Type.Integer({ description: 'Which of its stages, from 0.' }),
      exposed: Type.Boolean({ description: 'Whether it went the launched way.' }),
      reason: Type.String({
        description:
          'Why, or why not: named, bucket, excluded, no_unit, currency, cap, other_launch, stopped or fallback.',
      }),
      exposure_bp: Type.Integer({ description: 'How many of 10,000 were exposed then.' }),
      version: Type.Integer({ description: 'Of the controls that decided.' }),
      bucket: Type.Union([Type.Integer(), Type.Null()], {
        description: 'From 0 to 9,999; null without a unit.',
      }),
    }),
    { description: 'The launches that decided about it when it was made; it keeps to that.' },
  )

export const launchFilter = () =>
  Type.Optional(Type.String({ description: 'Only those that went the way of this launch: launch_…' }))
