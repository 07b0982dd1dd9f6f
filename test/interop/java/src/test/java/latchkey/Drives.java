package latchkey;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import org.junit.jupiter.api.extension.ExtendWith;

/** The client whose tests these are. What it gets done is each test's display name. */
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Report.class)
@interface Drives {

	/** As it is called in docs/clients.md. */
	String value();

	/** A class of it, whose jar says the version. */
	Class<?> of();

	/** Each setting that it needs beyond its default, with why. */
	String[] needs() default {};

}
