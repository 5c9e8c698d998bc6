/** The door of `config`: reads settings from the environment. */
export { readSettings, settingsPart, type SettingsPart, type SettingsOf } from "./settings.ts";
export { flag, optionalText, port, text, url, wholeNumber } from "./kinds.ts";
