import type { Subject, SubjectSource } from '../vectors/subject.ts'
import { createModel, type ModelOptions } from './model.ts'

export const openModel = (options?: ModelOptions): Subject => createModel(options)

export const modelSource: SubjectSource = { name: 'reference model', open: () => openModel() }
