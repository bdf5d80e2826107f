import { SetupProblem } from '../../kit/index.ts'

const NAME_IT =
  'Let DATABASE_URL name the primary, or all machines of the cluster: postgresql://user:password@one,two/database.'

/** No machine of the URL is a primary that may be worked with. At the start a problem of the set-up, later a fault. */
export class PrimaryAway extends SetupProblem {
  /** `noted`: where it stands that there is a later primary, for whoever knows better. */
  constructor(whys: readonly string[], noted: string | null) {
    super(
      `DATABASE_URL leads to no primary: ${whys.join('; ')}`,
      noted === null || !whys.some((why) => why.includes('was replaced'))
        ? NAME_IT
        : `${NAME_IT} To go back to the earlier primary on purpose, and give up what was acknowledged since, remove ${noted}.`,
    )
  }
}
