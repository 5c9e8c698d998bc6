import { problem, sendProblem } from "#http";
import { recordEvents, type Database } from "#db";
import { isRegion, locales, type Clock, type OperatorId } from "#kit";
import type { Staff } from "#staff";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Brands } from "./brands.ts";
import type { Brand } from "./core/brand.ts";
import { code, shownName } from "./name-schema.ts";
import { holidays, openHours, timeZone } from "./schedule-schema.ts";

export interface BrandRoutesDeps {
  db: Database;
  clock: Clock;
  staff: Pick<Staff, "guard" | "operatorOf">;
  brands: Brands;
  /** Takes what was saved into use, here and in other processes. */
  refresh(): Promise<void>;
}

const tags = ["brands"];

const described = {
  name: shownName.describe("As customers read and hear it, by language."),
  locale: z.enum(locales).describe("Of customers whose language is not known."),
  region: z
    .string()
    .refine(isRegion, "must be a country such as RU or KZ")
    .describe("Of numbers without a country code."),
  timeZone,
  hours: openHours.default([]).describe("Empty: always open."),
  holidays: holidays.default([]),
};

const names = z.partialRecord(z.enum(locales), z.string());
const brandView = z.object({ code: z.string(), ...described, name: names, region: z.string() });

const listSchema = {
  tags,
  summary: "The faces of the company: names, languages, countries, hours (supervisors, administrators)",
  response: { 200: z.object({ brands: z.array(brandView) }), 401: problem, 403: problem },
};

const saveSchema = {
  tags,
  summary: "Make or replace a brand; default stands for whatever names none (administrators)",
  params: z.object({ code }),
  body: z.strictObject(described),
  response: { 200: z.object({ brand: brandView }), 401: problem, 403: problem, 422: problem },
};

/** Brands: supervisors read them, administrators save them. */
export function brandRoutes({ db, clock, staff, brands, refresh }: BrandRoutesDeps): FastifyPluginAsyncZod {
  async function save(brand: Brand, by: OperatorId): Promise<void> {
    const { code, name, locale, region, timeZone: zone, hours, holidays: dates } = brand;
    const json = [name, hours, dates].map((value) => JSON.stringify(value));
    await db.tx(async (tx) => {
      await tx.query(UPSERT, [tx.tenant, code, locale, region, zone, ...json, new Date(clock.now())]);
      await recordEvents(tx, [{ at: clock.now(), kind: "brand.saved", data: { code, by } }]);
    });
    await refresh();
  }

  return async (app) => {
    const readers = { onRequest: staff.guard("supervisor", "admin") };
    const writers = { onRequest: staff.guard("admin") };

    app.get("/brands", { schema: listSchema, ...readers }, async () => ({ brands: brands.list() }));

    app.put("/brands/:code", { schema: saveSchema, ...writers }, async (request, reply) => {
      const brand = { code: request.params.code, ...request.body };
      if (brand.name[brand.locale] === undefined)
        return sendProblem(reply, 422, {
          code: "invalid_field",
          field: "name",
          message: 'The field "name" is not right: the name in the brand\'s own language is missing.',
        });
      await save(brand, staff.operatorOf(request).id);
      return { brand };
    });
  };
}

const UPSERT = `
  insert into brand (tenant, code, locale, region, time_zone, name, hours, holidays, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict (tenant, code) do update set locale = excluded.locale, region = excluded.region, time_zone = excluded.time_zone,
    name = excluded.name, hours = excluded.hours, holidays = excluded.holidays, updated_at = excluded.updated_at`;
