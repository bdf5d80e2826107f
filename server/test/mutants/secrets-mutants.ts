import type { Mutant } from './mutant.ts'

const VAULT = 'src/vault'
const CONNECT = 'src/database/connect'
const ROTATES = `${VAULT}/rotation.db.test.ts`
const LOST = `${VAULT}/lost.db.test.ts`

/** In what is secret: keys that are replaced or lost, and places where a secret must not stand. */
export const secretsMutants: readonly Mutant[] = [
  {
    name: 'a rotation leaves the secrets of the vault behind',
    file: `${VAULT}/rotation.ts`,
    find: '  const secrets = await rewrapSecrets(owner, keys)\n',
    replace: '  const secrets = (await readSecrets(owner)).length\n',
    test: ROTATES,
    named: 'all is wrapped anew in one transaction',
    cost: 'db',
  },
  {
    name: 'a data key that is made during a rotation goes by the old key',
    file: `${VAULT}/data-keys.ts`,
    find: '  await client.query(BESIDE_NO_ROTATION)\n',
    replace: '',
    test: ROTATES,
    named: 'all is wrapped anew in one transaction',
    cost: 'db',
  },
  {
    name: 'a secret follows from whichever master key there is',
    file: `${VAULT}/secrets.ts`,
    find: '    if ((await readMark(owner))?.isRotated === true) throw lost(missing)\n',
    replace: '',
    test: ROTATES,
    named: 'a secret that was lost after a rotation',
    cost: 'db',
  },
  {
    name: 'a rotation goes past a key that is damaged',
    file: `${VAULT}/rotation.ts`,
    find: '    throw damaged(what, error)\n',
    replace: '    return undefined as Value\n',
    test: LOST,
    named: 'a wrapped key that was damaged',
    cost: 'db',
  },
  {
    name: 'a server forgets its key when the file is emptied',
    file: `${VAULT}/keyring.ts`,
    find: '    } catch {\n      return null\n',
    replace: '    } catch {\n      throw undefined\n',
    test: LOST,
    named: 'a server goes on with the key it knows',
    cost: 'db',
  },
  {
    name: 'a key file that is cut short is replaced by a new one',
    file: `${VAULT}/key-sources.ts`,
    find: '    if (key === null) throw wrongText(where)\n    return key\n  })',
    replace: '    return key ?? newMasterKey()\n  })',
    test: LOST,
    named: 'a file that is empty, cut short',
    cost: 'db',
  },
  {
    name: 'a pool does not ask for a password that was replaced',
    file: `${CONNECT}/follow-password.ts`,
    find: '    pool.options.connectionString = toConnectionString(url)\n',
    replace: '    toConnectionString(url)\n',
    test: `${CONNECT}/follow-password.db.test.ts`,
    named: 'a pool whose password is replaced',
    cost: 'db',
  },
  {
    name: 'an answer that tells a client_secret is stored as it is',
    file: 'src/main/sealed-answers.ts',
    find: "const CLIENT_SECRET = '_secret_'",
    replace: "const CLIENT_SECRET = '_secret: '",
    test: 'src/main/sealed-answers.test.ts',
    named: 'an answer that tells a client_secret',
    cost: 'pure',
  },
  {
    name: 'an event tells the secret in an address',
    file: 'src/events/core/without-secrets.ts',
    find: "value.replaceAll(SECRET, '$1hidden')",
    replace: 'value',
    test: 'src/events/core/without-secrets.test.ts',
    named: 'an event tells no client_secret',
    cost: 'pure',
  },
  {
    name: 'a message repeats a card number',
    file: 'src/http/card-numbers.ts',
    find: 'return sum % 10 === 0',
    replace: 'return sum % 10 === 10',
    test: 'src/http/card-numbers.test.ts',
    named: 'no message repeats a card number',
    cost: 'pure',
  },
]
