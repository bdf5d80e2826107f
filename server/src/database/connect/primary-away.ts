import { SetupProblem } from '../../kit/index.ts'

const NAME_IT =
  'Let DATABASE_URL name the primary, or all machines of the cluster: postgresql://user:password@one,two/database.'

const SEE_THAT = 'See that PostgreSQL runs there and lets this machine connect.'

/** No machine of the URL is a primary that may be worked with. At the start a problem of the set-up, later a fault. */
export class PrimaryAway extends SetupProblem {
  /** `noted`: where it stands that there is a later primary, for whoever knows better. */
  constructor(whys: readonly string[], noted: string | null) {
    const backTo = `To go back to the earlier primary on purpose, and give up what was acknowledged since, remove ${noted}.`
    const isReplaced = noted !== null && whys.some((why) => why.includes('was replaced'))
    const nobodyAnswers = whys.every((why) => why.includes('does not answer'))
    super(
      `DATABASE_URL leads to no primary: ${whys.join('; ')}`,
      nobodyAnswers ? SEE_THAT : isReplaced ? `${NAME_IT} ${backTo}` : NAME_IT,
    )
  }
}
