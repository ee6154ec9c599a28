/** A text as errors repeat it: the first `most` characters of it, and `…` where there are more. */
export function cutText(text: string, most = 60): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
