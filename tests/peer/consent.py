"""Consent clauses and withdrawals: signed objects that outlive the letter they came in."""

from peer import keys, limits, wire
from peer.refusal import need

CLAUSE_DOMAIN = "JMBTN-consent-v1"
WITHDRAWAL_DOMAIN = "JMBTN-withdraw-v1"


def sign_clause(clause, sig):
    """`clause` is a wire Clause; its bytes are signed once and carried as they stand."""
    data = clause.SerializeToString()
    return wire.letter.SignedClause(clause=data, sig_key_id=sig.id,
                                    signature=sig.sign(CLAUSE_DOMAIN, data))


def read_clause(signed, directory, at_ms):
    """The clause, if a SIG key of its grantor signed it."""
    need(len(signed.clause) <= limits.CLAUSE_BYTES, "TOO_LARGE", "clause")
    clause = wire.parse(wire.letter.Clause, signed.clause)
    public = directory.signing_key(clause.grantor, signed.sig_key_id, clause.valid_from_ms, at_ms)
    keys.verify(public, signed.signature, CLAUSE_DOMAIN, signed.clause)
    return clause


def covers(clause, recipient, purpose, labels, at_ms):
    """Refuses unless the clause lets this member receive these labels for this purpose now.

    `recipient` is the directory's member that receives; a clause that names no agency covers every
    agency of a kind in a region.
    """
    need(_meant(clause, recipient), "NO_CONSENT", "recipient")
    need(clause.purpose == purpose, "NO_CONSENT", "purpose")
    need(set(labels) <= set(clause.labels), "NO_CONSENT", "labels")
    need(clause.valid_from_ms <= at_ms, "NO_CONSENT", "not yet")
    need(at_ms <= clause.valid_to_ms, "CONSENT_EXPIRED")


def _meant(clause, recipient):
    if clause.recipient:
        return clause.recipient == recipient.id
    return (clause.recipient_kind == recipient.kind
            and _region_holds(clause.recipient_region, recipient.region))


def _region_holds(outer, inner):
    """"17.71" holds itself and "17.71.02" but not "17.710"; an empty one holds everything."""
    return not outer or inner == outer or inner.startswith(outer + ".")


def sign_withdrawal(withdrawal, sig=None):
    """With `sig`, the grantor's word that binds every holder; without, a holder's to the grantor."""
    data = withdrawal.SerializeToString()
    if sig is None:
        return wire.letter.ConsentWithdrawal(withdrawal=data)
    return wire.letter.ConsentWithdrawal(withdrawal=data, sig_key_id=sig.id,
                                         signature=sig.sign(WITHDRAWAL_DOMAIN, data))


def read_withdrawal(signed, directory, at_ms):
    """The withdrawal and whether it binds: that is, whether its grantor signed it."""
    withdrawal = wire.parse(wire.letter.Withdrawal, signed.withdrawal)
    if not signed.signature:
        return withdrawal, False
    public = directory.signing_key(withdrawal.grantor, signed.sig_key_id,
                                   withdrawal.recorded_ms, at_ms)
    keys.verify(public, signed.signature, WITHDRAWAL_DOMAIN, signed.withdrawal)
    return withdrawal, True
