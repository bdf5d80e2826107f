import type { Caller, RequestOptions } from './caller.ts'
import type {
  ApproveParams,
  LaunchFilter,
  LaunchParams,
  LaunchUpdateParams,
  OpenParams,
  ReasonParams,
  RiskParams,
  SignParams,
  StartParams,
  WaiverParams,
} from './launch-params.ts'
import type { Launch, WrittenRisk } from './launch-types.ts'
import type { List, Pages } from './pages.ts'

type Act<Params> = (id: string, params: Params, options?: RequestOptions) => Promise<Launch>
type FreeAct<Params> = (id: string, params?: Params, options?: RequestOptions) => Promise<Launch>

export type LaunchMethods = {
  readonly create: (params: LaunchParams, options?: RequestOptions) => Promise<Launch>
  /** Voids both signatures and all approvals, whatever is changed. */
  readonly update: Act<LaunchUpdateParams>
  readonly retrieve: (id: string, options?: RequestOptions) => Promise<Launch>
  readonly list: (params?: LaunchFilter, options?: RequestOptions) => Pages<Launch>
  readonly risks: {
    readonly write: (id: string, params: RiskParams, options?: RequestOptions) => Promise<WrittenRisk>
    /** Those that the caller may see: their own until the pre-mortem is opened, then all. */
    readonly list: (id: string, options?: RequestOptions) => Promise<List<WrittenRisk>>
  }
  readonly openPremortem: FreeAct<OpenParams>
  /** Over the content_hash of the launch as it was read. */
  readonly sign: Act<SignParams>
  readonly start: FreeAct<StartParams>
  readonly approve: Act<ApproveParams>
  readonly hold: Act<ReasonParams>
  readonly resume: FreeAct<Partial<ReasonParams>>
  readonly rollback: Act<ReasonParams>
  readonly abandon: FreeAct<Partial<ReasonParams>>
  readonly reopen: FreeAct<Partial<ReasonParams>>
  readonly waivers: {
    readonly ask: Act<WaiverParams>
    readonly sign: (id: string, waiver: string, options?: RequestOptions) => Promise<Launch>
  }
}

const ROOT = '/v1/launches'

const under = (id: string): string => `${ROOT}/${encodeURIComponent(id)}`

export const launchMethods = ({ get, post, list }: Caller): LaunchMethods => ({
  create: (params, options) => post(ROOT, params, options),
  update: (id, params, options) => post(under(id), params, options),
  retrieve: (id, options) => get(under(id), {}, options),
  list: (params, options) => list(ROOT, params, options),
  risks: {
    write: (id, params, options) => post(`${under(id)}/risks`, params, options),
    list: (id, options) => get(`${under(id)}/risks`, {}, options),
  },
  openPremortem: (id, params, options) => post(`${under(id)}/premortem/open`, params, options),
  sign: (id, params, options) => post(`${under(id)}/sign`, params, options),
  start: (id, params, options) => post(`${under(id)}/start`, params, options),
  approve: (id, params, options) => post(`${under(id)}/approve`, params, options),
  hold: (id, params, options) => post(`${under(id)}/hold`, params, options),
  resume: (id, params, options) => post(`${under(id)}/resume`, params, options),
  rollback: (id, params, options) => post(`${under(id)}/rollback`, params, options),
  abandon: (id, params, options) => post(`${under(id)}/abandon`, params, options),
  reopen: (id, params, options) => post(`${under(id)}/reopen`, params, options),
  waivers: {
    ask: (id, params, options) => post(`${under(id)}/waivers`, params, options),
    sign: (id, waiver, options) =>
      post(`${under(id)}/waivers/${encodeURIComponent(waiver)}/sign`, {}, options),
  },
})
