export async function mended(): Promise<string> {
  for (;;);
}
