// What `export` and `verify --offline` need of the server: see platform.ts.

export type Check = {
  readonly name: string
  readonly proved: string
  readonly rows: number
  readonly ok: boolean
  readonly findings: readonly {
    readonly tenant: number | null
    readonly what: string
    readonly details: Readonly<Record<string, string>>
  }[]
  readonly findingsCount: number
  readonly notes: readonly string[]
}

export type ExportManifest = {
  readonly tenant: { readonly name: string; readonly time_zone: string }
  readonly period: { readonly from: string | null; readonly to: string }
  readonly closed_through: string | null
  readonly closing: { readonly id: string; readonly number: number; readonly digest: string } | null
  readonly digest: string
  readonly files: readonly { readonly name: string; readonly rows: number }[]
}

export type ExportAsked = {
  readonly tenant: string
  readonly from?: string
  readonly to: string
  readonly folder: string
}

export type OfflineReport = {
  readonly ok: boolean
  readonly manifest: ExportManifest
  readonly checks: readonly Check[]
  readonly rows: number
  readonly seconds: number
}

export type ExportBooks = (
  asked: ExportAsked,
  onProgress: (progress: {
    readonly step: string
    readonly rows: number
    readonly fraction: number | null
  }) => void,
) => Promise<ExportManifest>

export type VerifyExport = (
  folder: string,
  onProgress: (progress: { readonly file: string; readonly done: number; readonly total: number }) => void,
) => Promise<OfflineReport>
