export async function order(): Promise<string> {
  return 'done';
}
