import { join } from 'node:path'
import { type Actor, appendActAsOwner, lastOfAsOwner, RESTORED } from '../audit/index.ts'
import { readHeads, readRestoreNote, removeRestoreNote } from '../database/index.ts'
import type { Json, TenantId } from '../kit/index.ts'
import { type AsOwner, inTransaction } from '../tenants/index.ts'

const LIVE = 1 as TenantId

type Told = { readonly restore: string; readonly backup: string }

const restoreOf = (left: Json): string | null => (left as Partial<Told> | null)?.restore ?? null

type Opened = { readonly asOwner: AsOwner; readonly actor: Actor; readonly dataDir: string }

/**
 * Whoever opens a restored database first writes into the log of the live books that it went back, to which moment, and which
 * batch was its last. The note of the restore goes only afterwards; who is killed between the two is told apart by the number
 * of the restore.
 */
export const recordRestore = async ({ asOwner, actor, dataDir }: Opened): Promise<void> => {
  const folder = join(dataDir, 'postgres')
  const note = readRestoreNote(folder)
  if (note === null) return
  if (note.state === 'restored') {
    const told = note.told as Told
    await inTransaction(asOwner, async (owner) => {
      if (restoreOf(await lastOfAsOwner(owner, LIVE, RESTORED)) === told.restore) return
      const [head] = await readHeads(owner)
      await appendActAsOwner(
        owner,
        LIVE,
        {
          actor,
          action: RESTORED,
          subject: told.backup,
          reason: null,
          before: null,
          after: { ...told, last_batch: Number(head?.batch ?? 0n) },
        },
        { anchor: true },
      )
    })
  }
  removeRestoreNote(folder)
}
