import { readConfigurationTexts } from './configuration.ts'
import { SETTING_NAMES, SETTINGS } from './configuration-table.ts'

export type ShownSetting = {
  readonly name: string
  /** As it may be shown: a secret says only that it is set. */
  readonly shown: string
  readonly source: 'environment' | '.env' | 'default'
}

/** The settings in force, without the secrets among them. */
export const showConfiguration = (): readonly ShownSetting[] => {
  const { environment, file } = readConfigurationTexts()
  return SETTING_NAMES.map((name) => {
    const setting = SETTINGS[name]
    const text = environment[name] || file[name] || undefined
    if (text === undefined) return { name, shown: setting.shownDefault, source: 'default' }
    return {
      name,
      shown: setting.secret ? '(set)' : text,
      source: environment[name] ? 'environment' : '.env',
    }
  })
}
