// Activities: ordinary functions in your process. They may be run again after a kill, so their effects should bear that.
export async function greet(name: string): Promise<string> {
  return `Hello ${name}!`;
}
