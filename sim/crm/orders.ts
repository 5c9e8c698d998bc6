import { between, days, earlier, hours, instant, later } from "#kit";
import type { Instant, ScreenLocale, PhoneNumber } from "#kit";
import type { Customer, Order } from "#crm";

/** An order with everything the CRM knows about it, the customer's phone included. */
export type DemoOrder = Order & { phone: PhoneNumber | null };

/** The callers of the demo: one reads Russian, one English. */
export const demoPhones: Record<ScreenLocale, PhoneNumber> = {
  ru: "+79000000142" as PhoneNumber,
  en: "+12025550142" as PhoneNumber,
};

/** Other customers, with orders of their own. */
const neighbours: Record<ScreenLocale, PhoneNumber> = {
  ru: "+79161234567" as PhoneNumber,
  en: "+442079460000" as PhoneNumber,
};

const MOSCOW = hours(3);

/** This hour of the day at Moscow time, on the day of `now`. */
function todayAt(now: Instant, hour: number): Instant {
  const localMidnight = Math.floor((now + MOSCOW) / days(1)) * days(1);
  return instant(localMidnight - MOSCOW + hours(hour));
}

/** People of the toy shop. */
export const demoCustomers = (): Customer[] => [
  { id: "c-1", name: "Анна Соколова", locale: "ru", phone: demoPhones.ru },
  { id: "c-2", name: "Emily Carter", locale: "en", phone: demoPhones.en },
  { id: "c-3", name: "Павел Орлов", locale: "ru", phone: neighbours.ru },
  { id: "c-4", name: "James Miller", locale: "en", phone: neighbours.en },
];

const texts = {
  ru: {
    scooter: "Самокат Rolly 3 в 1",
    blocks: "Конструктор «Город», 420 деталей",
    bear: "Плюшевый медведь, 60 см",
    train: "Деревянная железная дорога",
    puzzle: "Пазл «Карта мира»",
    home: "Москва, ул. Лесная, 7",
    point: "Пункт выдачи, ул. Садовая, 12",
  },
  en: {
    scooter: "Rolly 3-in-1 scooter",
    blocks: "City building blocks, 420 pieces",
    bear: "Teddy bear, 60 cm",
    train: "Wooden railway",
    puzzle: "World map puzzle",
    home: "7 Lesnaya St, Moscow",
    point: "Pick-up point, 12 Sadovaya St",
  },
};

type Rest = Pick<Order, "promisedAt" | "place" | "placedAt">;

const order = (
  number: string,
  phone: PhoneNumber | null,
  status: Order["status"],
  items: string[],
  total: number,
  rest: Rest,
): DemoOrder => ({ number, phone, status, items, total, currency: "RUB", ...rest });

const nowhere = (placedAt: Instant): Rest => ({ promisedAt: null, place: null, placedAt });

/** Before 14:00 today, or tomorrow when that has nearly passed. */
function courierAt(now: Instant): Instant {
  const today = todayAt(now, 14);
  return between(now, today) > hours(1) ? today : later(today, days(1));
}

/** The toy shop's orders, told in one language; 48213 is the caller's and is with the courier. */
export function demoOrders(now: Instant, locale: ScreenLocale, caller: PhoneNumber = demoPhones[locale]): DemoOrder[] {
  const say = texts[locale];
  const ago = (count: number) => earlier(now, days(count));
  const ahead = (count: number) => later(todayAt(now, 18), days(count));
  const home = (promisedAt: Instant, placedAt: Instant): Rest => ({ promisedAt, place: say.home, placedAt });

  return [
    order("48213", caller, "with-courier", [say.scooter], 649_000, home(courierAt(now), ago(2))),
    order("47990", caller, "delivered", [say.puzzle, say.bear], 358_000, home(ago(9), ago(12))),
    order("48220", neighbours.ru, "at-pickup-point", [say.blocks], 289_000, {
      ...home(ahead(5), ago(3)),
      place: say.point,
    }),
    order("48231", neighbours.ru, "packing", [say.train], 415_000, home(ahead(2), ago(1))),
    order("48240", neighbours.en, "new", [say.bear], 199_000, nowhere(ago(0))),
    order("48105", null, "cancelled", [say.blocks], 289_000, nowhere(ago(6))),
  ];
}
