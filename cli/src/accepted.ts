import { CommandProblem } from './problem.ts'

type Answer = { readonly ok: boolean; readonly message?: string }

/** What was done; a refusal, which names what is wrong and what to do, ends the command. */
export const accepted = <Given extends Answer>(given: Given): Extract<Given, { readonly ok: true }> => {
  if (!given.ok) throw new CommandProblem(given.message ?? 'The server refused it.', null, 1)
  return given as Extract<Given, { readonly ok: true }>
}
