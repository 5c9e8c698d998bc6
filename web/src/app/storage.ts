/** What the browser keeps for us; a browser that forbids it forgets, and nothing breaks. */
export const storage = {
  read(key: string): string | null {
    try {
      return localStorage.getItem(`detour.${key}`);
    } catch {
      return null;
    }
  },
  write(key: string, value: string): void {
    try {
      if (value === "") localStorage.removeItem(`detour.${key}`);
      else localStorage.setItem(`detour.${key}`, value);
    } catch {
      // Full or forbidden: the page goes on without memory.
    }
  },
};
