package dev.flowengine.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the ids a mistyped one most likely stands for. */
final class NearestIds {
    private static final int SHOWN = 3;
    private static final int LONGEST_COMPARED = 100;

    private NearestIds() {}

    /**
     * The ids that look most like a wrong one, by edit distance (Levenshtein, 1966), case ignored.
     *
     * @param wrong the wrong id
     * @param known all ids there are
     * @return at most three, nearest first; empty if none is near
     */
    static List<String> to(String wrong, Collection<String> known) {
        String wanted = shortened(wrong);
        int allowed = Math.max(1, wanted.length() / 2);
        List<Candidate> candidates = new ArrayList<>();
        for (String id : known) {
            String candidate = shortened(id);
            if (Math.abs(candidate.length() - wanted.length()) <= allowed) {
                candidates.add(new Candidate(id, distance(wanted, candidate)));
            }
        }
        return candidates.stream()
                .filter(candidate -> candidate.distance() <= allowed)
                .sorted(Comparator.comparingInt(Candidate::distance))
                .limit(SHOWN)
                .map(Candidate::id)
                .toList();
    }

    private static String shortened(String id) {
        return id.substring(0, Math.min(id.length(), LONGEST_COMPARED)).toLowerCase(Locale.ROOT);
    }

    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int i = 0; i < one.length(); i++) {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < other.length(); j++) {
                int replaced = diagonal + (one.charAt(i) == other.charAt(j) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.min(replaced, Math.min(row[j], diagonal) + 1);
            }
        }
        return row[other.length()];
    }

    private record Candidate(String id, int distance) {}
}
