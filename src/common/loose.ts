// The one place where a public type means "any value at all". Runs everywhere; types only.

/**
 * What Temporal's signatures leave open: arguments and results of workflows, activities and handlers, and log fields.
 * `unknown` in their place would stop code that moves over from compiling. Never used for a value of our own.
 */
export type Loose = ReturnType<typeof JSON.parse>;
