/** fine: as wanted · advice: slower or less comfortable · danger: money or data are at risk */
export type Severity = 'fine' | 'advice' | 'danger'

export type Finding = {
  readonly name: string
  readonly found: string
  readonly wanted: string
  readonly why: string
  readonly severity: Severity
}
