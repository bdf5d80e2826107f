import { SetupProblem } from '../../kit/index.ts'

/** No machine of the URL is a primary that may be worked with. At the start a problem of the set-up, later a fault. */
export class PrimaryAway extends SetupProblem {
  constructor(whys: readonly string[], cause?: unknown) {
    super(
      `DATABASE_URL leads to no primary: ${whys.join('; ')}`,
      'Let DATABASE_URL name the primary, or all machines of the cluster: postgresql://user:password@one,two/database.',
      { cause },
    )
  }
}
