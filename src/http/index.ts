/** The door of `http`: the server every room registers its routes on, and the live channel. */
export { admit, type ApiRoute } from "./access.ts";
export { createEventFeed, type EventFeed } from "./event-feed.ts";
export { type ReadyCheck } from "./health.ts";
export { listen } from "./listen.ts";
export { createLive, type Live } from "./live.ts";
export { isOwnOrigin } from "./origin.ts";
export { problem, sendProblem } from "./problem.ts";
export { createServer, type ServerOptions } from "./server.ts";
export { httpSettings, isPrivate, publicUrl, type HttpSettings } from "./settings.ts";
export { noAnswer, post, readAll, TooLate, type Answer, type Line, type NoAnswer } from "./post.ts";
