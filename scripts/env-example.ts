import { envExample } from "#config";
import { prepare } from "./prepare.ts";

/** Prints `.env.example` as the settings are now. */
prepare();
const { settingsParts } = await import("../src/settings.ts");
process.stdout.write(envExample(settingsParts));
