/** The first thing that is wrong with a content: which field, and what to do about it. */
export type ContentProblem = { readonly param: string; readonly message: string }

export const problem = (param: string, message: string): ContentProblem => ({ param, message })
