package io.helix.drools;

import io.helix.api.rule.ValueTest;
import java.util.ArrayList;
import java.util.List;

/** Alternatives at a path: tests of single values, of all values together, and of their absence. */
final class FieldCheck implements Check {
    private final int slot;
    private final boolean passesWhenAbsent;
    private final boolean passesWhenPresent;
    private final ValueCheck[] some;
    private final ValueCheck[][] noneOf;

    private FieldCheck(
            int slot, boolean passesWhenAbsent, boolean passesWhenPresent, ValueCheck[] some, ValueCheck[][] noneOf) {
        this.slot = slot;
        this.passesWhenAbsent = passesWhenAbsent;
        this.passesWhenPresent = passesWhenPresent;
        this.some = some;
        this.noneOf = noneOf;
    }

    static Check of(int slot, List<ValueTest> tests) {
        if (tests.size() == 1 && looksAtOneValue(tests.get(0))) {
            return new SomeValue(slot, ValueChecks.compile(tests.get(0)));
        }
        return general(slot, tests);
    }

    private static boolean looksAtOneValue(ValueTest test) {
        return !(test instanceof ValueTest.Exists || test instanceof ValueTest.AnythingBut);
    }

    /** One test of single values, by far the most frequent. */
    private record SomeValue(int slot, ValueCheck check) implements Check {
        @Override
        public boolean test(View view) {
            Slot values = view.slot(slot);
            for (int i = 0; i < values.count(); i++) {
                if (check.test(values.value(i))) {
                    return true;
                }
            }
            return false;
        }
    }

    private static FieldCheck general(int slot, List<ValueTest> tests) {
        List<ValueTest> some = new ArrayList<>();
        List<ValueCheck[]> noneOf = new ArrayList<>();
        boolean absent = false;
        boolean present = false;
        for (ValueTest test : tests) {
            if (test instanceof ValueTest.Exists exists) {
                absent |= !exists.present();
                present |= exists.present();
            } else if (test instanceof ValueTest.AnythingBut but) {
                noneOf.add(ValueChecks.compile(but.tests()));
            } else {
                some.add(test);
            }
        }
        return new FieldCheck(
                slot, absent, present, ValueChecks.compile(some), noneOf.toArray(new ValueCheck[noneOf.size()][]));
    }

    @Override
    public boolean test(View view) {
        Slot values = view.slot(slot);
        if (values.count() == 0) {
            return passesWhenAbsent;
        }
        return passesWhenPresent || anyPasses(values, some) || anyExcludesAll(values);
    }

    private boolean anyExcludesAll(Slot values) {
        for (ValueCheck[] excluded : noneOf) {
            if (!anyPasses(values, excluded)) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyPasses(Slot values, ValueCheck[] checks) {
        for (int i = 0; i < values.count(); i++) {
            for (ValueCheck check : checks) {
                if (check.test(values.value(i))) {
                    return true;
                }
            }
        }
        return false;
    }
}
