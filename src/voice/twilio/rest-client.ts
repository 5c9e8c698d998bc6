import { Agent } from "node:http";
import RequestClient from "twilio/lib/base/RequestClient.js";
import Twilio from "twilio/lib/rest/Twilio.js";
import type { TwilioSettings } from "./settings.ts";

const LARGEST_ANSWER = 1024 * 1024;

/** The SDK's own HTTP client, speaking to the configured origin instead of the one built in. */
class OriginClient extends RequestClient {
  readonly #origin: URL;

  constructor(origin: string, timeout: number) {
    super({ timeout, keepAlive: true });
    this.#origin = new URL(origin);
    this.axios.defaults.maxContentLength = LARGEST_ANSWER;
    this.axios.defaults.httpAgent = new Agent({ keepAlive: true });
  }

  override request<Data>(options: RequestClient.RequestOptions<Data>) {
    const uri = new URL(options.uri);
    uri.protocol = this.#origin.protocol;
    uri.host = this.#origin.host;
    return super.request<Data>({ ...options, uri: uri.href });
  }
}

/** The real SDK with the configured account, origin and patience. */
export const createRestClient = (settings: TwilioSettings): Twilio =>
  new Twilio(settings.TWILIO_ACCOUNT_SID ?? "", settings.TWILIO_AUTH_TOKEN ?? "", {
    httpClient: new OriginClient(settings.TWILIO_BASE_URL, settings.TWILIO_TIMEOUT_MS),
  });
