// All laws that a test enforces, by the name under which docs/ARCHITECTURE.md lists them.

import { links } from '../tidy/links.ts'
import { lockfile } from '../tidy/lockfile.ts'
import { names } from '../tidy/names.ts'
import { packages } from '../tidy/packages.ts'
import { places } from '../tidy/places.ts'
import { sizes } from '../tidy/sizes.ts'
import { syntax } from '../tidy/syntax.ts'
import { runningTests } from '../tidy/tests.ts'
import { unfinished } from '../tidy/words.ts'
import { cores } from './cores.ts'
import { cycles } from './cycles.ts'
import { doors } from './doors.ts'
import { floors } from './floors.ts'
import type { Law } from './house.ts'
import { tables } from './tables.ts'

export const architecture = { doors, floors, cores, tables, cycles } satisfies Record<string, Law>

export const tidiness = {
  sizes,
  unfinished,
  runningTests,
  syntax,
  names,
  places,
  links,
  packages,
  lockfile,
} satisfies Record<string, Law>
