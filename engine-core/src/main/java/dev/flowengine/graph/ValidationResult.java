package dev.flowengine.graph;

import java.util.List;

/**
 * Everything validation found, in the order of {@link Problem.Code}.
 *
 * @param problems the findings, errors and warnings
 */
public record ValidationResult(List<Problem> problems) {

    /** Copies the list. */
    public ValidationResult {
        problems = List.copyOf(problems);
    }

    /**
     * Whether nothing stands against running.
     *
     * @return true if there is no error; warnings may be there
     */
    public boolean isValid() {
        return problems.stream().noneMatch(problem -> problem.severity() == Severity.ERROR);
    }

    /**
     * The findings that stand against running.
     *
     * @return errors in order
     */
    public List<Problem> errors() {
        return ofSeverity(Severity.ERROR);
    }

    /**
     * The findings worth a look.
     *
     * @return warnings in order
     */
    public List<Problem> warnings() {
        return ofSeverity(Severity.WARNING);
    }

    private List<Problem> ofSeverity(Severity severity) {
        return problems.stream()
                .filter(problem -> problem.severity() == severity)
                .toList();
    }
}
