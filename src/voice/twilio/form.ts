/** A form as it came: a name that stood more than once keeps all its values. */
export type Form = Record<string, string | string[]>;

/** Twilio sends about thirty fields; checking thousands would be work done for strangers. */
const MOST_FIELDS = 200;

/** Reads an `application/x-www-form-urlencoded` body; null when it has more fields than any provider sends. */
export function readForm(body: Buffer): Form | null {
  const form: Form = Object.create(null) as Form;
  let fields = 0;
  for (const [name, value] of new URLSearchParams(body.toString("utf8"))) {
    fields += 1;
    if (fields > MOST_FIELDS) return null;
    add(form, name, value);
  }
  return form;
}

function add(form: Form, name: string, value: string) {
  const known = form[name];
  if (known === undefined) form[name] = value;
  else if (Array.isArray(known)) known.push(value);
  else form[name] = [known, value];
}
