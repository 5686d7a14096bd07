package org.dkimproxy.ledger;

/**
 * Letters by outcome. The first counts all; the next five add up to it.
 *
 * @param letters all
 * @param acknowledged the client heard 2xx
 * @param refusedByRelay the client heard another reply of the relay to the end of data
 * @param refusedByProxy the client heard a reply of the proxy's own
 * @param unanswered the end of data had left and no answer came
 * @param unfinished the end of data never left
 * @param acceptedUnheard the relay accepted it and the client did not hear so
 * @param doubles copies beyond the first at the relay
 * @param signed copies that came signed
 */
public record Totals(
        long letters,
        long acknowledged,
        long refusedByRelay,
        long refusedByProxy,
        long unanswered,
        long unfinished,
        long acceptedUnheard,
        long doubles,
        long signed) {
    @Override
    public String toString() {
        return "letters " + letters + ": acknowledged " + acknowledged + ", refused by the relay " + refusedByRelay
                + ", refused by the proxy " + refusedByProxy + ", without an answer " + unanswered
                + ", not sent to their end " + unfinished + "; accepted by the relay and not heard of "
                + acceptedUnheard + "; second copies " + doubles + "; signed copies " + signed;
    }
}
