/** The questions of the people at the console, one spec a page, one test a question. */
package org.caduceus.deploy.browser.specs;
