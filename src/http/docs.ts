import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import about from "../../package.json" with { type: "json" };
import { DOCS_POLICY } from "./headers.ts";

const ABOUT = `What operators' screens and other programs may ask of Detour.

Sign in with \`POST /api/session\`; the session travels in a cookie. Requests that change something carry the header
\`X-Detour: 1\` and a JSON body, a form where a file is sent, or none. What cannot be done is answered with a \`code\` and
a sentence.`;

/** The description of the API at `/docs`, made from the schemas the routes check with. Before any route. */
export async function addDocs(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: "3.1.0", info: { title: "Detour", description: ABOUT, version: about.version } },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: "/docs", staticCSP: DOCS_POLICY });
}
