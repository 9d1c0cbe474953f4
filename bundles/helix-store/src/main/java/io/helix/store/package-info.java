/**
 * The store on plain JDBC. One SQL dialect, which is what H2 and PostgreSQL both take: no returning, no upsert, no
 * operators on JSON.
 */
@NullMarked
package io.helix.store;

import org.jspecify.annotations.NullMarked;
