const OTHERS =
  /^(курьер|водител|почему|не$|никто|позвонит$|позвонил|звонил|courier|driver|did|didn|will$|when|why|nobody|неге|шалмады|хабарласпады)/;

/** True when a call is spoken of that we are not asked to make: "will the courier call me?", "мне не позвонили". */
export const isOthersCall = (words: string[]): boolean => words.some((word) => OTHERS.test(word));
