/** A launch to begin with: `evenkeel launch new` reads lines that begin with // as comments. */
export const LAUNCH_EXAMPLE = `{
  // What is launched, in a few words, and for those who decide in a few more.
  "name": "Express acquirer",
  "description": "Card payments in euro go to a second acquirer, which costs less and answers faster.",

  // Of all money in this file, which is written in minor units: 800000 is 8,000.00.
  "currency": "eur",

  // Who answers for it and opens the pre-mortem. Left out, it is you; see them with: evenkeel people list
  // "owner": "person_…",

  // A way for payments to go: rails in order. A feature of your own software instead is
  //   { "type": "feature", "key": "new-checkout", "variants": { "on": true, "off": false } }
  "subject": { "type": "route", "rails": ["sandbox-express"] },

  // What is exposed or not: customer, or card. Units that never are: "excluded_units": ["cus_…"]
  "unit": "customer",

  // Payments that do not fit are no part of it. All may be left out.
  "filters": { "currencies": ["eur"], "countries": [], "amount_to": 50000 },

  // What it may bring: a range, where it comes from, and when it was estimated (unix seconds).
  "benefit": { "low": 800000, "high": 1600000, "per": "month", "source": "Offer of the acquirer", "as_of": 1795000000 },

  // The volume of the whole platform, before the launch.
  "forecast": { "payments_per_day": 4000, "average_amount": 2200, "peak_per_second": 3 },

  // What of your systems it touches.
  "components": ["routing", "card payments", "settlement"],

  // Rising exposure in basis points: 500 is 5 %. A stage ends once enough payments are old enough, it has lasted long
  // enough, all guardrails hold, and the people whom it names have approved. Above a cap a payment goes the ordinary way.
  "stages": [
    {
      "exposure_bp": 500,
      "min_matured_payments": 200,
      "min_hours": 24,
      "caps": { "per_payment": 20000, "per_day": 200000 },
      "required_signers": ["business", "technology"]
    },
    { "exposure_bp": 2500, "min_matured_payments": 1000, "min_hours": 48 },
    { "exposure_bp": 10000, "min_matured_payments": 4000, "min_hours": 72 }
  ],

  // The four invariants are always watched. A rate is compared with the payments that go the ordinary way at the same
  // time; a promotion test must be passed before a stage ends. Left out, these are the default.
  "guardrails": [
    { "tier": "rate", "metric": "failure_rate", "margin_bp": 100, "baseline_bp": 200, "action": "rollback" },
    { "tier": "rate", "metric": "decline_rate", "margin_bp": 300, "baseline_bp": 1000, "action": "rollback" },
    { "tier": "promotion", "metric": "failure_rate", "margin_bp": 300 },
    { "tier": "promotion", "metric": "decline_rate", "margin_bp": 600 }
  ],
  // Of false alarms, over all rates together: 500 is 5 %.
  "alpha_bp": 500,
  // A payment that takes longer is slow.
  "slow_ms": 3000,
  // How old a payment is before its outcome counts as known.
  "maturity_hours": 24,

  // What people do once exposure is back at zero, which happens by itself.
  "rollback_plan": "Tell the acquirer; look at every payment that is listed as affected.",

  // Who is there for the first 48 hours.
  "cover": [
    { "person": "Ada Lovelace", "contact": "+31 20 555 0101", "hours": 24 },
    { "person": "Grace Hopper", "contact": "+31 20 555 0102", "hours": 24 }
  ]

  // Risks are not written here: each person writes alone, with evenkeel launch risk, and the owner opens them.
  // To be told what waits for a decision: "notify": "we_…", an endpoint that listens to launch.waiting
}`
