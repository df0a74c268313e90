/** Returns a text without the user names and passwords of the URLs in it: `https://token@host/…` becomes `https://host/…`. */
export function withoutCredentials(text: string): string {
  return text.replace(/\b(https?:\/\/)[^\s/@]*@/g, '$1');
}
