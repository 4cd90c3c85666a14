/* The life of one amendment between two nodes (spec/agreement.md 8), for SPIN: both sign, both hold, both learn that the other holds, by
 * clocks that reach its date when they like; one request each way, one suspension each. A node crashes before anything is durable, and the
 * link fails between any two steps.
 * Twins, each of which must be caught: -DWIDENS_ALONE, -DDECIDES_BY_ITS_OWN, -DSUSPENSION_WAITS, -DLOOKS_ONCE.
 *
 * An entry is NONE, in MEMORY, DURABLE, or COSIGNED by the other nation. Versions are 1 and 2; 0 is no request. */

#define NONE 0
#define MEMORY 1
#define DURABLE 2
#define COSIGNED 3

bool sealed[2], got[2], knows[2], date[2];
byte held[2], suspension[2];
bool told[2];
byte named[2];     /* what i's request names: the version by which i decided */
byte entered[2];   /* the version by which i entered an answer to the other's request */
bool link = true, widened = false;

#define OTHER (1 - i)

#ifdef WIDENS_ALONE
#define IN_FORCE(n) (held[n] >= DURABLE && date[n])
#else
#define IN_FORCE(n) (held[n] == COSIGNED && knows[n] && date[n])
#endif
#define VERSION(n) (IN_FORCE(n) -> 2 : 1)

#ifdef SUSPENSION_WAITS
#define SUSPENDED(n) (suspension[n] >= DURABLE && told[n])
#else
#define SUSPENDED(n) (suspension[n] >= DURABLE)
#endif

#ifdef LOOKS_ONCE
#define STILL(n) true
#else
#define STILL(n) (entered[n] == VERSION(n) && !SUSPENDED(n))
#endif

/* W: what only version 2 permits goes out only when both nations have logged that they hold it. */
inline widen() {
  assert(held[0] >= DURABLE && held[1] >= DURABLE);
  widened = true
}

/* M: an answer is entered under the one version by which both decided. */
inline receive() {
#ifdef DECIDES_BY_ITS_OWN
  entered[i] = VERSION(i);
  assert(entered[i] == named[OTHER]);
#else
  if
  :: named[OTHER] == VERSION(i) ->
     entered[i] = named[OTHER];
     assert(entered[i] == VERSION(i))
  :: else /* refused: never valid under neither */
  fi;
#endif
  named[OTHER] = 0
}

/* S: no key leaves once a suspension is durable here. V: none leaves under a version that has ended here. */
inline leave() {
  assert(suspension[i] < DURABLE);
  assert(entered[i] == VERSION(i));
  entered[i] = 0
}

proctype Node(byte i) {
end:
  do
  :: atomic { !sealed[i] -> sealed[i] = true }
  :: atomic { sealed[OTHER] && link && !got[i] -> got[i] = true }
  :: atomic { sealed[i] && got[i] && held[i] == NONE -> held[i] = MEMORY }
  :: atomic { held[i] == MEMORY -> held[i] = NONE }
  :: atomic { held[i] == MEMORY -> held[i] = DURABLE }
  :: atomic { held[i] == DURABLE && link -> held[i] = COSIGNED }
  :: atomic { held[OTHER] == COSIGNED && link && !knows[i] -> knows[i] = true }
  :: atomic { !date[i] -> date[i] = true }
  :: atomic { IN_FORCE(i) && !widened -> widen() }
  :: atomic { named[i] == 0 && !SUSPENDED(i) -> named[i] = VERSION(i) }
  :: atomic { named[OTHER] != 0 && link && entered[i] == 0 && !SUSPENDED(i) -> receive() }
  :: atomic { entered[i] != 0 && STILL(i) -> leave() }
  :: atomic { entered[i] != 0 && !STILL(i) -> entered[i] = 0 }
  :: atomic { suspension[i] == NONE -> suspension[i] = MEMORY }
  :: atomic { suspension[i] == MEMORY -> suspension[i] = DURABLE }
  :: atomic { suspension[i] == DURABLE && link && !told[i] -> told[i] = true }
  od
}

active proctype Link() {
end:
  do
  :: link = false
  :: link = true
  od
}

init { atomic { run Node(0); run Node(1) } }

#ifdef USELESS
/* Must be refuted: the protocol can widen. */
ltl never_widens { [] !widened }
#endif
