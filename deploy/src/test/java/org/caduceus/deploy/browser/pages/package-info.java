/**
 * Page objects: the only place that knows the console's markup. They return what a person reads and
 * judge nothing; go on to {@code specs}.
 */
package org.caduceus.deploy.browser.pages;
