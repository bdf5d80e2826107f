import type { RequestContext } from '../../http/index.ts'
import type { Reply } from '../../kit/index.ts'
import { unitRequest } from '../../requests/index.ts'
import type { Request } from '../units.ts'

export const requestOf = <Made>(context: RequestContext, reply: (made: Made) => Reply): Request<Made> => ({
  ...unitRequest(context),
  reply,
})
