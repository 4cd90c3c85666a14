/**
 * The schema that every version's policies are valid under, strictly. What may be unknown is optional, so that a policy which
 * reads it without asking whether it is there does not validate.
 */
export const SCHEMA = `// What is known of the person who reads. A member that is absent is unknown.
entity Reader = {
  nation: String,
  clearance?: String,
  citizenships?: Set<String>,
  areas?: Set<String>,
  purpose?: String,
  suspended?: Bool,
  briefings?: Set<String>,
  organisation?: String,
  post?: String,
  facility?: String,
};

// The reader's nation.
entity Nation = {
  nation: String,
};

// What of the item says whom to ask.
entity Release = {
  originator: String,
  basis?: Basis,
  via?: String,
  releasedAt: Long,
};

type Basis = {
  agreement: String,
  version: String,
  article: String,
  grant: String,
};

// An office that would release; absent: the officer has none.
entity Office = {
  nation: String,
  office?: String,
};

// The item, its label and its basis. Values of categories are written \`tag/value\`, by kind.
entity Item = {
  originator: String,
  basis?: Basis,
  policy?: MarkingPolicy,
  classification: String,
  restrictive: Set<String>,
  permissive: Set<String>,
  informative: Set<String>,
  personRules: Set<String>,
  originators: Set<String>,
  area: String,
  via?: String,
  releasedAt: Long,
  expiresAt?: Long,
  stopped: Bool,
};

// The marking policy that the label names, as the nation wrote it: the order of each classification.
entity MarkingPolicy = {
  nation: String,
  clearances: ClearanceScheme,
} tags Long;

// The classifications that each clearance of that nation opens.
entity ClearanceScheme tags Set<String>;

// The deciding nation's own tree, for the home rule: each area with all above it.
entity AreaTree tags Set<String>;

// When each nation's withdrawal takes effect.
entity Withdrawals tags Long;

// One suspension, with the moment at which each nation's word that it is lifted takes effect.
entity Suspension = {
  nation: String,
  from: Long,
} tags Long;

// One thing by which the agreement of the basis may have ended for the nations of the item.
type End = {
  kind: String,
  at: Long,
  nation?: String,
  memberFrom?: Long,
  inForceFrom?: Long,
  supersededAt?: Long,
};

// When a version is asked whether it has a say, and what lies beside its own text.
type Beside = {
  at: Long,
  version: String,
  narrowsFrom?: Long,
  inForceFrom?: Long,
  supersededAt?: Long,
  suspended: Bool,
  withdrawals: Withdrawals,
  end?: End,
  suspension?: Suspension,
};

// How a version is asked whether it permits: when, by whom, for what, and one of each thing of which all are put in turn.
type Circumstances = {
  at: Long,
  deciding: String,
  purpose: String,
  use?: String,
  releasedUnder?: Long,
  begun: Set<Long>,
  standing: Set<String>,
  suspended: Bool,
  withdrawals: Withdrawals,
  end?: End,
  say?: {
    nation: String,
    neutral: Bool,
    releasableTo: Set<String>,
  },
  rule?: {
    code: String,
    nations: Set<String>,
  },
  choice?: Set<String>,
  home?: AreaTree,
};

action "read";

action "list", "show", "open", "print", "export", "onward-release", "derive" in [Action::"read"] appliesTo {
  principal: Reader,
  resource: Item,
  context: Circumstances,
};

// Was it released under you? Do you have a say? Have you begun? Does the agreement stand, is it suspended, has it ended by this? Was
// the nation of this notice a member of yours?
action "released-under", "answers", "begun", "stands", "in-suspension", "ended", "heard" appliesTo {
  principal: Nation,
  resource: Release,
  context: Beside,
};

// May this office release it?
action "release" appliesTo {
  principal: Office,
  resource: Item,
  context: {
    at: Long,
    mode: String,
    releasedUnder?: Long,
  },
};
`
