import { type Control, type Controls, FULL_EXPOSURE } from './model.ts'

const isShare = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= FULL_EXPOSURE

const faultOf = (control: Control, version: number): string | null => {
  if (typeof control.salt !== 'string' || control.salt === '') return 'it has no salt'
  if (!isShare(control.exposureBp)) return 'its exposure is no share'
  if (!Number.isInteger(control.stage) || control.stage < 0) return 'its stage is none'
  if (!Number.isInteger(control.version) || control.version < 1 || control.version > version)
    return 'its version is newer than that of the controls'
  if (control.subject.kind === 'route') return control.subject.rails.length === 0 ? 'it has no rails' : null
  const { variants, on, off } = control.subject
  return on in variants && off in variants ? null : 'it names a variant that it does not have'
}

/** What is wrong with a tenant's controls as they stand in their row: each by its launch. */
export const checkControls = ({ version, controls }: Controls): { launch: string; fault: string }[] => {
  const seen = new Set<string>()
  return controls.flatMap((control) => {
    const { launch } = control
    const fault = seen.has(launch) ? 'it stands there twice' : faultOf(control, version)
    seen.add(launch)
    return fault === null ? [] : [{ launch, fault }]
  })
}
