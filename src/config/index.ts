/** The door of `config`: reads settings from the environment. */
export { describeSettings, envExample, type SettingAbout } from "./example.ts";
export { readSettings, settingsPart, type SettingsPart, type SettingsOf } from "./settings.ts";
export { flag, optionalText, origins, port, text, url, wholeNumber } from "./kinds.ts";
