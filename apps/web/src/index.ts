/** The pages have no interface for other packages: `main.tsx` is what a browser runs, `build.ts` makes them. */
export {}
