/**
 * The .nn language.
 *
 * Every decision is made on one token: the parser never guesses, so it is fast and its errors stand where
 * the mistake is. What one token cannot decide is settled between lexer and parser (package
 * nnc.compiler.syntax): where a statement ends (END stands for a line end or ';' that ends one, and comes
 * before every '}' too), and whether a word such as 'state' begins a statement or is a name. Words that are
 * never names: model layer fn optimizer train import over and or not.
 */
grammar Nn;

tokens { END }

// ---------------------------------------------------------------- declarations

file : item* EOF ;

item : (importItem | declaration) END ;

importItem : 'import' TEXT ;

declaration
  : modelDeclaration
  | layerDeclaration
  | functionDeclaration
  | optimizerDeclaration
  | trainDeclaration
  | generateDeclaration
  ;

modelDeclaration : 'model' name block ;

/** One pair of parentheses holds the inputs; of two pairs the first holds the configuration. */
layerDeclaration : 'layer' name parameterList parameterList? block ;

functionDeclaration : 'fn' name parameterList ('=' values | block) ;

optimizerDeclaration : 'optimizer' name parameterList? block ;

/** Of several ways to train a model, each has a name: what it says stands before what the block without a name says. */
trainDeclaration : 'train' name ('as' name)? trainBlock ;

generateDeclaration : 'generate' name generateBlock ;

/** Statements outside of any declaration, which are skipped. */
anyBlock : '{' (~('{' | '}') | anyBlock)* '}' ;

parameterList : '(' (parameter (',' parameter)*)? ')' ;

parameter : name (':' type)? ('=' argumentValue)? ;

type : name? '[' (axis (',' axis)*)? ']' ;

axis : '...' | expression ;

name : IDENT ;

names : name (',' name)* ;

// ---------------------------------------------------------------- statements

block : '{' line* '}' ;

line : statement END ;

statement
  : dimStatement
  | inputStatement
  | outputStatement
  | metricStatement
  | paramStatement
  | bufferStatement
  | updateStatement
  | stateStatement
  | startStatement
  | truncateStatement
  | repeatStatement
  | recurStatement
  | valueOrAssignment
  ;

dimStatement : 'dim' name ('=' | '<=') expression ;

inputStatement : 'input' names ':' type ;

outputStatement : 'output' name ('=' expression)? ;

metricStatement : 'metric' name '=' expression ;

paramStatement : 'param' names ':' type ('~' expression)? paramCondition? ;

paramCondition : 'if' expression ;

bufferStatement : 'buffer' names ':' type '=' expression ;

updateStatement : 'update' name '=' expression ;

stateStatement : 'state' names (':' type)? '=' expression ;

startStatement : 'start' names (':' type)? '=' expression ;

truncateStatement : 'truncate' expression ;

repeatStatement : 'repeat' expression block ;

recurStatement : 'recur' name 'over' name block ;

/** 'h, c' is the value of a layer, 'h, c = cell(x)' an assignment; what stands on the left is checked afterwards. */
valueOrAssignment : values ('=' expression)? ;

values : expression (',' expression)* ;

// ---------------------------------------------------------------- training

trainBlock : '{' trainLine* '}' ;

trainLine : trainItem END ;

trainItem : dataItem | optimizerItem | freezeItem | clipItem | settingItem ;

dataItem : ('data' | 'eval') postfix dataBlock? ;

dataBlock : '{' dataLine* '}' ;

dataLine : (columnMapping | holdOut) END ;

columnMapping : name '=' expression ;

holdOut : 'hold' 'out' NUMBER '%'? ;

optimizerItem : 'optimizer' postfix ('for' pattern)? ;

freezeItem : 'freeze' pattern ;

clipItem : 'clip' name expression ;

settingItem : name expression ;

pattern : (IDENT | '.' | '*')+ ;

// ---------------------------------------------------------------- generation

generateBlock : '{' generateLine* '}' ;

generateLine : generateItem END ;

generateItem : feedItem | generateSetting ;

feedItem : 'feed' name 'from' name ;

generateSetting : ('start' | name) values ;

// ---------------------------------------------------------------- expressions, from loose to tight

expression : disjunction ('|>' disjunction)* ;

disjunction : conjunction ('or' conjunction)* ;

conjunction : negation ('and' negation)* ;

negation : 'not' negation | comparison ;

/** More than one comparison in a row is understood here and refused afterwards, in words. */
comparison : sum (('==' | '!=' | '<' | '<=' | '>' | '>=') sum)* ;

sum : product (('+' | '-') product)* ;

product : unary (('*' | '/' | '@') unary)* ;

unary : '-' unary | power ;

power : postfix ('^' unary)? ;

postfix : primary (callSuffix | indexSuffix | memberSuffix)* ;

callSuffix : '(' (callItem (',' callItem)*)? ')' ;

callItem : overClause | argument overClause? ;

argument : argumentValue ('=' argumentValue)? ;

argumentValue : expression ('..' expression)? ;

overClause : 'over' axes ('where' expression)? | 'where' expression ;

axes : axisName | '(' axisName (',' axisName)* ')' ;

axisName : IDENT | '-'? NUMBER ;

indexSuffix : '[' subscript (',' subscript)* ']' ;

subscript : '...' | '..' expression? | expression ('..' expression?)? ;

memberSuffix : '.' name ;

primary : NUMBER | TEXT | IDENT | parenthesised | headsExpression ;

parenthesised : '(' (expression (',' expression)*)? ')' ;

headsExpression : 'heads' expression 'as' name ('=' expression)? block ;

// ---------------------------------------------------------------- words

MODEL : 'model' ;
LAYER : 'layer' ;
FN : 'fn' ;
OPTIMIZER : 'optimizer' ;
TRAIN : 'train' ;
IMPORT : 'import' ;
OVER : 'over' ;
AND : 'and' ;
OR : 'or' ;
NOT : 'not' ;

// The rest are names wherever they do not begin, or join, what they are words for.
GENERATE : 'generate' ;
DIM : 'dim' ;
INPUT : 'input' ;
OUTPUT : 'output' ;
METRIC : 'metric' ;
PARAM : 'param' ;
BUFFER : 'buffer' ;
UPDATE : 'update' ;
STATE : 'state' ;
START : 'start' ;
TRUNCATE : 'truncate' ;
REPEAT : 'repeat' ;
RECUR : 'recur' ;
HEADS : 'heads' ;
DATA : 'data' ;
EVAL : 'eval' ;
HOLD : 'hold' ;
OUT : 'out' ;
FREEZE : 'freeze' ;
CLIP : 'clip' ;
FEED : 'feed' ;
FROM : 'from' ;
FOR : 'for' ;
IF : 'if' ;
AS : 'as' ;
WHERE : 'where' ;

IDENT : [\p{L}_] [\p{L}\p{M}\p{Nd}_]* ;

NUMBER : DIGITS ('.' DIGITS)? ([eE] [+-]? DIGITS)? ;
MALFORMED_NUMBER : DIGITS ('.' DIGITS)? [\p{L}_] [\p{L}\p{M}\p{Nd}_]* ;
fragment DIGITS : [0-9]+ ('_' [0-9]+)* ;

TEXT : '"' TEXT_PART* '"' ;
UNCLOSED_TEXT : '"' TEXT_PART* ;
fragment TEXT_PART : '\\' ~[\r\n] | ~["\\\r\n] ;

// ---------------------------------------------------------------- signs

PIPE : '|>' ;
ARROW : '->' ;
EQUAL : '==' ;
UNEQUAL : '!=' ;
AT_MOST : '<=' ;
AT_LEAST : '>=' ;
LESS : '<' ;
GREATER : '>' ;
ASSIGN : '=' ;
TILDE : '~' ;
PLUS : '+' ;
MINUS : '-' ;
TIMES : '*' ;
DIVIDE : '/' ;
MATMUL : '@' ;
POWER : '^' ;
PERCENT : '%' ;
COMMA : ',' ;
COLON : ':' ;
SEMICOLON : ';' ;
LEADING : '...' ;
RANGE : '..' ;
DOT : '.' ;
LEFT_PAREN : '(' ;
RIGHT_PAREN : ')' ;
LEFT_BRACKET : '[' ;
RIGHT_BRACKET : ']' ;
LEFT_BRACE : '{' ;
RIGHT_BRACE : '}' ;

// ---------------------------------------------------------------- what is between them

DOC : '///' (~[/\r\n] ~[\r\n]*)? ;
LINE_COMMENT : '//' ~[\r\n]* -> skip ;
BLOCK_COMMENT : '/*' .*? ('*/' | EOF) ;
NEWLINE : '\r'? '\n' | '\r' ;
SPACE : [ \t\f]+ -> skip ;
UNKNOWN : . ;
