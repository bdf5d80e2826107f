// Which search do these shops get? Asks over OpenFeature, as any program would: node search.mjs shop-1 shop-2 …
import { createOpenFeatureProvider } from '@evenkeel/sdk'
import { OpenFeature } from '@openfeature/server-sdk'

const { EVENKEEL_URL: baseUrl = 'http://127.0.0.1:8484', EVENKEEL_API_KEY: apiKey = '' } = process.env
await OpenFeature.setProviderAndWait(createOpenFeatureProvider({ baseUrl, apiKey }))
const features = OpenFeature.getClient()

for (const targetingKey of process.argv.slice(2)) {
  const { value, reason } = await features.getObjectDetails('new-search', { rows: 10 }, { targetingKey })
  process.stdout.write(`${targetingKey}: ${value.rows} rows (${reason})\n`)
}
