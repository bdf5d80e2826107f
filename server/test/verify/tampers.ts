import { id } from './books.ts'
import { ALICE, CASH, CLOSED, LOAN, SHOP, UNTOUCHED } from './history.ts'

/** A corruption that is planted by a superuser, and the checks that must report it: those and no others. */
export type Tamper = { readonly name: string; readonly sql: string; readonly reported: readonly string[] }

const transfer = (number: number): string => `tenant = 1 and id = '${id(number)}'`
const account = (uuid: string): string => `tenant = 1 and id = '${uuid}'`
export const LEDGER_TAMPERS: readonly Tamper[] = [
  {
    name: 'the balance beside an older transfer is edited',
    sql: `update ledger.transfers set credit_credits_posted = credit_credits_posted + 1 where ${transfer(102)}`,
    reported: ['entries'],
  },
  {
    name: "the balance of an account's newest entry is edited",
    sql: `update ledger.transfers set credit_credits_posted = credit_credits_posted + 1 where ${transfer(121)}`,
    reported: ['balances', 'entries', 'debits_equal_credits'],
  },
  {
    name: 'a transfer is deleted',
    sql: `delete from ledger.transfers where ${transfer(103)}`,
    reported: ['balances', 'entries', 'sequence', 'book_dates'],
  },
  {
    name: 'the newest transfer is deleted',
    sql: `delete from ledger.transfers where ${transfer(121)}`,
    reported: ['head', 'book_dates'],
  },
  {
    name: 'the amounts of two transfers are swapped',
    sql: `update ledger.transfers set amount = case amount when 2500 then 700 else 2500 end
           where tenant = 1 and id in ('${id(102)}', '${id(103)}')`,
    reported: ['entries'],
  },
  {
    name: 'an amount is edited',
    sql: `update ledger.transfers set amount = amount + 1 where ${transfer(103)}`,
    reported: ['balances', 'entries', 'book_dates'],
  },
  {
    name: 'the sides of a transfer are swapped',
    sql: `update ledger.transfers set debit_account = credit_account, credit_account = debit_account where ${transfer(103)}`,
    reported: ['balances', 'entries', 'book_dates'],
  },
  {
    name: 'the sequence has a gap',
    sql: `update ledger.transfers set sequence = sequence + 1 where ${transfer(121)};
          update database.heads set transfer_sequence = transfer_sequence + 1 where tenant = 1`,
    reported: ['sequence'],
  },
  {
    name: 'two transfers have changed places in the sequence',
    sql: `update ledger.transfers set sequence = case sequence when 2 then 3 else 2 end
           where tenant = 1 and id in ('${id(102)}', '${id(103)}')`,
    reported: ['sequence'],
  },
  {
    name: 'an account stands at the time of a transfer',
    sql: `update ledger.accounts set time_micros = (select time_micros from ledger.transfers where ${transfer(101)})
           where ${account(UNTOUCHED)}`,
    reported: ['sequence', 'head'],
  },
  {
    name: 'a counter of the head row is put back',
    sql: 'update database.heads set transfer_sequence = transfer_sequence - 1 where tenant = 1',
    reported: ['head'],
  },
  {
    name: 'the newest time of the head row is put back',
    sql: 'update database.heads set newest_micros = newest_micros - 3600000000 where tenant = 1',
    reported: ['head'],
  },
  {
    name: 'an open hold has another amount',
    sql: `update ledger.holds set amount = amount - 1 where ${transfer(116)}`,
    reported: ['holds', 'held_balances'],
  },
  {
    name: 'a hold that is over has another amount',
    sql: `update ledger.holds set amount = amount - 1 where ${transfer(110)}`,
    reported: ['holds'],
  },
  { name: 'a hold is gone', sql: `delete from ledger.holds where ${transfer(112)}`, reported: ['holds'] },
  {
    name: 'a hold stands for no pending transfer',
    sql: `insert into ledger.holds (tenant, id, amount, debit_account, credit_account, ledger, state)
          values (1, '${id(101)}', 5, '${CASH}', '${ALICE}', 1, 0)`,
    reported: ['holds', 'held_balances'],
  },
  {
    name: 'a posted hold is said to be voided',
    sql: `update ledger.holds set state = 2 where ${transfer(110)}`,
    reported: ['holds'],
  },
  {
    name: 'an ended hold is said to be open',
    sql: `update ledger.holds set state = 0, resolved_by = null where ${transfer(110)}`,
    reported: ['holds', 'held_balances'],
  },
  {
    name: 'two holds have swapped their amounts',
    sql: `update ledger.holds set amount = case amount when 1000 then 700 else 1000 end
           where tenant = 1 and id in ('${id(110)}', '${id(112)}')`,
    reported: ['holds'],
  },
  {
    name: 'a void gives back another amount than was held',
    sql: `update ledger.transfers set amount = amount + 1 where ${transfer(113)}`,
    reported: ['phases'],
  },
  {
    name: 'a post takes more than was held',
    sql: `update ledger.transfers set amount = 1600 where ${transfer(111)}`,
    reported: ['balances', 'entries', 'phases', 'book_dates'],
  },
  {
    name: 'a post leaves a part of its hold',
    sql: `update ledger.transfers set released = released - 400 where ${transfer(111)}`,
    reported: ['balances', 'entries', 'phases'],
  },
  {
    name: 'a hold expired before its time',
    sql: `update ledger.transfers set timeout_s = 8000 where ${transfer(114)};
          update ledger.holds set expires_micros = expires_micros + 7940000000 where ${transfer(114)}`,
    reported: ['phases'],
  },
  {
    name: 'a pending transfer is posted twice',
    sql: `drop index ledger.transfers_by_pending;
          update ledger.transfers set pending_id = '${id(110)}', flags = 4 where ${transfer(121)}`,
    reported: ['phases', 'schema'],
  },
  {
    name: 'the timer of a hold is gone',
    sql: `delete from database.timers where tenant = 1 and subject = '${id(115)}'`,
    reported: ['timers'],
  },
  {
    name: 'the timer of a hold is late',
    sql: `update database.timers set due_micros = due_micros + 1 where tenant = 1 and subject = '${id(115)}'`,
    reported: ['timers'],
  },
  {
    name: 'a hold that never expires has a timer',
    sql: `insert into database.timers (tenant, kind, subject, due_micros) values (1, 'ledger.expiry', '${id(116)}', 1)`,
    reported: ['timers'],
  },
  {
    name: 'the id of a recorded transfer is marked as failed',
    sql: `insert into ledger.failed_transfers (tenant, id, status) values (1, '${id(101)}', 'exceeds_credits')`,
    reported: ['ids'],
  },
  {
    name: 'the id of a transfer is zero',
    sql: `update ledger.transfers set id = '00000000-0000-0000-0000-000000000000' where ${transfer(103)}`,
    reported: ['ids'],
  },
  {
    name: 'two transfers have one id',
    sql: `drop index ledger.transfers_by_id; update ledger.transfers set id = '${id(102)}' where ${transfer(103)}`,
    reported: ['ids', 'schema'],
  },
  {
    name: 'two accounts have one reference',
    sql: `drop index ledger.accounts_by_reference; update ledger.accounts set reference = 'alice' where ${account(LOAN)}`,
    reported: ['ids', 'schema'],
  },
  {
    name: 'a transfer is of another ledger than its accounts',
    sql: `update ledger.transfers set ledger = 2 where ${transfer(103)}`,
    reported: ['accounts'],
  },
  {
    name: 'an account is of a ledger that there is not',
    sql: `update ledger.accounts set ledger = 3 where ${account(UNTOUCHED)}`,
    reported: ['accounts'],
  },
  {
    name: 'an account was opened after its first transfer',
    sql: `update ledger.accounts set time_micros = (select time_micros + 1 from ledger.transfers where ${transfer(121)})
           where ${account(CLOSED)}`,
    reported: ['head', 'accounts'],
  },
  {
    name: 'an account is gone',
    sql: `delete from ledger.accounts where ${account(LOAN)}`,
    reported: ['debits_equal_credits', 'accounts', 'book_dates'],
  },
  {
    name: 'an account gets a limit that its history breaks',
    sql: `update ledger.accounts set flags = 2 where ${account(CASH)}`,
    reported: ['limits'],
  },
  {
    name: 'a closed account is opened without a void',
    sql: `update ledger.accounts set closed = false where ${account(CLOSED)}`,
    reported: ['closed'],
  },
  {
    name: 'an account is closed without a closing transfer',
    sql: `update ledger.accounts set closed = true where ${account(SHOP)}`,
    reported: ['closed'],
  },
  {
    name: 'an account received money while it was closed',
    sql: `update ledger.transfers set flags = flags | 128 where ${transfer(116)};
          update ledger.accounts set closed = true where ${account(SHOP)}`,
    reported: ['closed'],
  },
  {
    name: 'a daily total is off by one',
    sql: `update ledger.daily_totals set debits = debits + 1
           where (tenant, account, book_date) = (select tenant, account, book_date from ledger.daily_totals limit 1)`,
    reported: ['book_dates'],
  },
  {
    name: 'two daily totals of an account are off and cancel out',
    sql: `update ledger.daily_totals set credits = credits + case book_date when date '2025-11-08' then 1 else -1 end
           where tenant = 1 and account = '${SHOP}' and book_date in ('2025-11-08', '2025-10-30')`,
    reported: ['book_dates'],
  },
  {
    name: "the newest day of an account's totals is off by one",
    sql: `update ledger.accounts set daily_debits = daily_debits + 1 where ${account(CASH)}`,
    reported: ['book_dates'],
  },
  {
    name: 'a transfer is moved to another book date',
    sql: `update ledger.transfers set book_date = book_date - 1 where ${transfer(104)}`,
    reported: ['book_dates'],
  },
  {
    name: 'a closed period does not add up to its digest',
    sql: `insert into ledger.closings (tenant, number, id, through, created_micros, form, digest, entries)
            values (1, 1, gen_random_uuid(), '2025-12-31', 1, 1, repeat('0', 64), 2)`,
    reported: ['closed_periods'],
  },
  {
    name: 'a closed period is gone from between two others',
    sql: `insert into ledger.closings (tenant, number, id, after, through, created_micros, form)
            values (1, 1, gen_random_uuid(), '2000-01-31', '2000-02-28', 1, 1)`,
    reported: ['closed_periods'],
  },
]
