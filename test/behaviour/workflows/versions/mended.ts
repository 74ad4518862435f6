export async function mended(): Promise<string> {
  return 'mended';
}
