import type { Caller, RequestOptions } from './caller.ts'
import type {
  AccountFilter,
  AccountParams,
  AsOf,
  BatchParams,
  CloseParams,
  EntryFilter,
  LedgerParams,
  PostParams,
  ReopenParams,
  TransferFilter,
  TransferParams,
  VoidParams,
} from './ledger-params.ts'
import type {
  Account,
  Batch,
  Closing,
  Entry,
  Health,
  Ledger,
  Reopening,
  Transfer,
  TrialBalance,
} from './ledger-types.ts'
import type { List, PageParams, Pages } from './pages.ts'

export type LedgerMethods = {
  readonly ledgers: {
    readonly create: (params: LedgerParams, options?: RequestOptions) => Promise<Ledger>
    readonly retrieve: (number: number, options?: RequestOptions) => Promise<Ledger>
    /** All of them, on one page. */
    readonly list: (options?: RequestOptions) => Promise<List<Ledger>>
  }
  readonly accounts: {
    readonly create: (params: AccountParams, options?: RequestOptions) => Promise<Account>
    readonly retrieve: (id: string, params?: AsOf, options?: RequestOptions) => Promise<Account>
    readonly list: (params?: AccountFilter, options?: RequestOptions) => Pages<Account>
    readonly entries: (id: string, params?: EntryFilter, options?: RequestOptions) => Pages<Entry>
  }
  readonly transfers: {
    readonly create: (params: TransferParams, options?: RequestOptions) => Promise<Transfer>
    readonly retrieve: (id: string, options?: RequestOptions) => Promise<Transfer>
    readonly list: (params?: TransferFilter, options?: RequestOptions) => Pages<Transfer>
    readonly post: (id: string, params?: PostParams, options?: RequestOptions) => Promise<Transfer>
    readonly void: (id: string, params?: VoidParams, options?: RequestOptions) => Promise<Transfer>
  }
  readonly batches: {
    /** Up to 8,000 items. A success also where items were refused: look at the results. */
    readonly create: (params: BatchParams, options?: RequestOptions) => Promise<Batch>
  }
  readonly closings: {
    readonly retrieve: (id: string, options?: RequestOptions) => Promise<Closing>
    readonly list: (params?: PageParams, options?: RequestOptions) => Pages<Closing>
  }
  /** Nothing is booked on that day or an earlier one from then on. */
  readonly close: (params: CloseParams, options?: RequestOptions) => Promise<Closing>
  readonly reopen: (params: ReopenParams, options?: RequestOptions) => Promise<Reopening>
  readonly trialBalance: (params?: AsOf, options?: RequestOptions) => Promise<TrialBalance>
  readonly health: (options?: RequestOptions) => Promise<Health>
}

const ROOT = '/v1/ledger'

const under = (collection: string, id: string | number): string =>
  `${ROOT}/${collection}/${encodeURIComponent(id)}`

export const ledgerMethods = ({ get, post, list }: Caller): LedgerMethods => ({
  ledgers: {
    create: (params, options) => post(`${ROOT}/ledgers`, params, options),
    retrieve: (number, options) => get(under('ledgers', number), {}, options),
    list: (options) => get(`${ROOT}/ledgers`, {}, options),
  },
  accounts: {
    create: (params, options) => post(`${ROOT}/accounts`, params, options),
    retrieve: (id, params, options) => get(under('accounts', id), params, options),
    list: (params, options) => list(`${ROOT}/accounts`, params, options),
    entries: (id, params, options) => list(`${under('accounts', id)}/entries`, params, options),
  },
  transfers: {
    create: (params, options) => post(`${ROOT}/transfers`, params, options),
    retrieve: (id, options) => get(under('transfers', id), {}, options),
    list: (params, options) => list(`${ROOT}/transfers`, params, options),
    post: (id, params, options) => post(`${under('transfers', id)}/post`, params, options),
    void: (id, params, options) => post(`${under('transfers', id)}/void`, params, options),
  },
  batches: { create: (params, options) => post(`${ROOT}/batches`, params, options) },
  closings: {
    retrieve: (id, options) => get(under('closings', id), {}, options),
    list: (params, options) => list(`${ROOT}/closings`, params, options),
  },
  close: (params, options) => post(`${ROOT}/close`, params, options),
  reopen: (params, options) => post(`${ROOT}/reopen`, params, options),
  trialBalance: (params, options) => get(`${ROOT}/trial_balance`, params, options),
  health: (options) => get(`${ROOT}/health`, {}, options),
})
