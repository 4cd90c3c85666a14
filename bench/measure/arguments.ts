/** The numbers of an argument such as `--callers=1,16`; undefined where it was not given. */
export function listed(args: readonly string[], name: string): readonly number[] | undefined {
  return args
    .find((arg) => arg.startsWith(name))
    ?.slice(name.length)
    .split(',')
    .map(Number)
}
