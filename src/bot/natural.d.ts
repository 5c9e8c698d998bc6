/** The few files of `natural` the bot uses; the bare import loads databases and runs `dotenv`. */
declare module "natural/lib/natural/stemmers/porter_stemmer.js" {
  const stemmer: { stem(word: string): string };
  export default stemmer;
}

declare module "natural/lib/natural/stemmers/porter_stemmer_ru.js" {
  const stemmer: { stem(word: string): string };
  export default stemmer;
}

declare module "natural/lib/natural/tokenizers/regexp_tokenizer.js" {
  export class RegexpTokenizer {
    constructor(options: { pattern: RegExp; gaps: boolean });
    /** Null when nothing matches and `gaps` is false. */
    tokenize(text: string): string[] | null;
  }
}
