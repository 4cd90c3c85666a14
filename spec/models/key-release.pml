/* The release of one key between an originator O and a reader's nation R (spec/key-release.md 8), for SPIN.
 * One item under key control *both*, one request, one stop. Both nodes crash and the link fails between any two steps.
 * Twins, each of which must be caught: -DORIGINATOR_FIRST, -DUNWRAP_THEN_WRITE, -DSTOP_WAITS.
 *
 * An entry is NONE, in MEMORY, DURABLE, or COSIGNED by the other nation. */

#define NONE 0
#define MEMORY 1
#define DURABLE 2
#define COSIGNED 3

byte grant = NONE, opening = NONE, stop = NONE;
bool link = true, relayed = false, unwrapped = false, over = false;
bool shareO = false, shareR = false;
bool grantBeforeStop = false;

#ifdef STOP_WAITS
#define STOPPED (stop == COSIGNED)
#else
#define STOPPED (stop >= DURABLE)
#endif

#ifdef ORIGINATOR_FIRST
#define MAY_RELAY true
#else
#define MAY_RELAY (grant == COSIGNED)
#endif

#ifdef UNWRAP_THEN_WRITE
#define MAY_UNWRAP relayed
#else
#define MAY_UNWRAP (relayed && opening == COSIGNED)
#endif

/* P1: no share leaves before its entry is durable and cosigned. P3: with the stop durable no share of O leaves, and a
 * pair is complete only if both decisions came before it. P4: no share without the other nation's entry. */
inline originatorAnswers() {
  assert(opening == COSIGNED);      /* P1 */
  assert(stop < DURABLE);           /* P3 */
  shareO = true; unwrapped = false; relayed = false
}

inline recipientAnswers() {
  assert(grant == COSIGNED);        /* P1 */
  assert(opening >= DURABLE);       /* P4 */
  shareR = true;
  assert(!shareO || grantBeforeStop) /* P3 */
}

active proctype Originator() {
end:
  do
  :: atomic { relayed && opening == NONE && !STOPPED -> opening = MEMORY }
  :: atomic { opening == MEMORY -> opening = DURABLE }
  :: atomic { opening == DURABLE && link -> opening = COSIGNED }
  :: atomic { MAY_UNWRAP && !unwrapped && !STOPPED -> unwrapped = true }
  /* The node looks at the register once more in the step that gives the answer to the wire. */
  :: atomic { unwrapped && link && !STOPPED -> originatorAnswers() }
  od
}

active proctype Officer() {
end:
  do
  :: atomic { stop == NONE -> stop = MEMORY }
  :: atomic { stop == MEMORY -> stop = DURABLE }
  :: atomic { stop == DURABLE && link -> stop = COSIGNED }
  od
}

active proctype Recipient() {
end:
  do
  :: atomic { grant == NONE && !over -> grant = MEMORY }
  :: atomic { grant == MEMORY -> grant = DURABLE; grantBeforeStop = (stop < DURABLE) }
  :: atomic { grant == DURABLE && link -> grant = COSIGNED }
  :: atomic { grant >= DURABLE && !over -> over = true }
  :: atomic { MAY_RELAY && link && !over && !relayed -> relayed = true }
  :: atomic { grant == COSIGNED && !over && shareO && !shareR -> recipientAnswers() }
  od
}

active proctype World() {
end:
  do
  :: atomic { link = !link }
  :: atomic { true ->
       relayed = false; unwrapped = false;
       if :: opening == MEMORY -> opening = NONE :: else fi;
       if :: stop == MEMORY -> stop = NONE :: else fi }
  :: atomic { grant == MEMORY -> grant = NONE }
  od
}

/* P8: a stop that is in memory comes into force though the link never heals and R never moves. */
#ifdef LIVENESS
ltl stops { [] ((stop == DURABLE) -> STOPPED) }
#endif

/* A machine that opens nothing would be safe: this claim must fail. */
#ifdef USELESS
ltl useless { [] !(shareO && shareR) }
#endif
