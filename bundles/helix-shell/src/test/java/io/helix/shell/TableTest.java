package io.helix.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columns_are_as_wide_as_what_is_in_them() {
        Table table = new Table("NAME", "N").row("a", 1).row("longer", 22);
        assertThat(table.lines()).containsExactly("NAME    N", "a       1", "longer  22");
    }

    @Test
    void the_widest_column_gives_way_so_that_lines_fit() {
        Table table = new Table("A", "B", "C").row("short", "x".repeat(200), "y".repeat(60));
        assertThat(table.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Table.WIDTH));
        assertThat(table.lines().get(1)).startsWith("short  x").contains("…").contains("y");
    }

    @Test
    void what_comes_from_events_does_not_steer_the_terminal() {
        Table table = new Table("A").row("red\u001b[31m\nnext");
        assertThat(table.lines().get(1)).doesNotContain("\u001b").doesNotContain("\n");
    }

    @Test
    void whatPeopleCopyGivesWayLast() {
        Table table = new Table("ID", "SOURCE").whole("ID");
        table.row("933d4ef8-c6fb-4036-9c11-0f6f2c3a7b10", "/a-very-long-source".repeat(10));

        assertThat(table.lines().get(1))
                .hasSize(Table.WIDTH)
                .startsWith("933d4ef8-c6fb-4036-9c11-0f6f2c3a7b10  /a-very");
    }
}
