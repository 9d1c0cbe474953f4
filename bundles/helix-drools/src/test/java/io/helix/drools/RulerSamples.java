package io.helix.drools;

import java.util.List;
import java.util.Random;

/**
 * Random rules and events, as JSON, that mean the same to event-ruler and to us: without arrays of objects,
 * {@code anything-but} over arrays, and {@code exists} on objects. The soak of the benchmarks uses them too.
 */
public final class RulerSamples {
    private static final String[] LEAVES = {
        "['a']",
        "['a','b',5]",
        "[5.0]",
        "[true,null]",
        "[{'prefix':'a'}]",
        "[{'prefix':{'equals-ignore-case':'A'}}]",
        "[{'suffix':'b'}]",
        "[{'suffix':{'equals-ignore-case':'B'}}]",
        "[{'equals-ignore-case':'AB'}]",
        "[{'wildcard':'a*b'}]",
        "[{'wildcard':'*\\\\*'}]",
        "[{'exists':true}]",
        "[{'exists':false}]",
        "[{'numeric':['>',1,'<=',5]}]",
        "[{'numeric':['=',5]}]",
        "[{'numeric':['<',0]}]",
        "[{'cidr':'10.0.0.0/8'}]"
    };
    private static final String[] SCALAR_ONLY = {
        "[{'anything-but':['a','b']}]",
        "[{'anything-but':[5]}]",
        "[{'anything-but':{'prefix':'a'}}]",
        "[{'anything-but':{'suffix':['b','x']}}]",
        "[{'anything-but':{'equals-ignore-case':'AB'}}]",
        "[{'anything-but':{'wildcard':'a*'}}]"
    };
    private static final String[] SCALARS = {
        "'a'",
        "'b'",
        "'ab'",
        "'aB'",
        "'axb'",
        "'x*'",
        "'5'",
        "5",
        "5.0",
        "1",
        "1.5",
        "-3",
        "true",
        "null",
        "'10.1.2.3'",
        "''"
    };

    private final Random random;

    public RulerSamples(long seed) {
        this.random = new Random(seed);
    }

    public String rule() {
        StringBuilder rule = new StringBuilder("{'type':['t" + random.nextInt(5) + "'],'data':{");
        rule.append("'p':").append(one(LEAVES));
        if (random.nextBoolean()) {
            rule.append(",'q':").append(random.nextBoolean() ? one(LEAVES) : one(SCALAR_ONLY));
        }
        if (random.nextInt(3) == 0) {
            rule.append(",'n':{'m':").append(one(SCALAR_ONLY)).append('}');
        }
        if (random.nextInt(4) == 0) {
            rule.append(",'$or':[{'o':")
                    .append(one(LEAVES))
                    .append("},{'u':")
                    .append(one(LEAVES))
                    .append("}]");
        }
        return rule.append("}}").toString().replace('\'', '"');
    }

    public String event() {
        StringBuilder event = new StringBuilder("{'type':'t" + random.nextInt(5) + "','data':{'z':1");
        if (random.nextInt(5) > 0) {
            event.append(",'p':")
                    .append(random.nextInt(4) == 0 ? "[" + one(SCALARS) + "," + one(SCALARS) + "]" : one(SCALARS));
        }
        for (String name : List.of("q", "o", "u")) {
            if (random.nextInt(5) > 0) {
                event.append(",'").append(name).append("':").append(one(SCALARS));
            }
        }
        if (random.nextInt(4) > 0) {
            event.append(",'n':{'m':").append(one(SCALARS)).append('}');
        }
        return event.append("}}").toString().replace('\'', '"');
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
