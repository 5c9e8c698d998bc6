import { registerHooks } from "node:module";

/** As after `npm ci --omit=optional`: the package is not there, in any thread. */
registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== "@whiskeysockets/baileys") return next(specifier, context);
    throw Object.assign(new Error(`Cannot find package '${specifier}'`), { code: "ERR_MODULE_NOT_FOUND" });
  },
});
