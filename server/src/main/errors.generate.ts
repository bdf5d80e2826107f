import { renderErrorsMarkdown } from '../http/index.ts'
import { ERROR_TABLES } from './serve.ts'

/** The page that the server itself shows at /errors, from the tables that it answers by. */
export const generated = [{ path: 'docs/ERRORS.md', content: () => renderErrorsMarkdown(ERROR_TABLES) }]
